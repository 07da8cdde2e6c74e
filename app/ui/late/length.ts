import { useText } from '~/text/react';

/** How long, in words: 12 秒, 3 分 5 秒, 2 小时 3 分钟. */
export function useLength(): (ms: number) => string {
  const { t, duration } = useText();
  return (ms) => {
    const seconds = Math.round(ms / 1000);
    if (seconds < 60) return t('late.length-seconds', { seconds });
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? t('late.length-minutes', { minutes, seconds: seconds % 60 }) : duration(minutes);
  };
}
